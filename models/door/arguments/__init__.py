"""The judgement of a call's arguments, one kind in each file."""
