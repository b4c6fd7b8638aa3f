"""The linkage model trained on labelled, made-up pairs: ``python -m samples.training`` writes params/linkage.json."""
