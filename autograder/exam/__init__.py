"""What is asked: cases made from a seed, with the expected values of the references."""
