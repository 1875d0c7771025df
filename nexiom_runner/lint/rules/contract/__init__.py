"""What scripts say against themselves, or against what the phases declare."""
