"""What is given: the policy in force, working days, the parameters of a run."""
