"""What is counted: matching, numbers, ranking, confidence, intervals."""
