"""What a report reads from records: tables, frames, names apart, and the stories of families."""
