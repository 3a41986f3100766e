"""What a call's arguments mean, one kind in each file."""
