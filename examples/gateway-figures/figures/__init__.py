"""The parts of the figures, one a file."""
