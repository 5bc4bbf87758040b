"""What comes in from outside before it is an image: links and documents."""
