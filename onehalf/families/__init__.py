"""The families of problems that ship: plug-ins like anyone's, a folder each."""
