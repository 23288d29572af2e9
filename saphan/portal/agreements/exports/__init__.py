"""The words of a public agreement in the forms of other houses, made of what was released and of nothing else."""
