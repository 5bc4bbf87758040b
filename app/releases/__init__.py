"""What an owner does with releases: look at them, compare them, go forward and back."""
