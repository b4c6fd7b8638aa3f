"""What one cell says: its kind, how it is cleaned, what is valid, how it is shown masked."""
