"""An audit as text, JSON and a page."""
