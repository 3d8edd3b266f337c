"""What a report says of accuracy against stability."""
