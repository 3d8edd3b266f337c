"""The trainers of the library: one method, or one library's methods, a file. The folder is the list."""
