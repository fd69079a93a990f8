"""What the past teaches: pure functions of what happened to figures that name all they count."""
