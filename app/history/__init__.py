"""What signed-in people keep of their own drawings and uploads: theirs to look at, to take away and to delete."""
