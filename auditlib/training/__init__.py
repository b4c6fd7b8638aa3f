"""The linkage model trained on labelled, made-up pairs: ``python -m auditlib.training`` writes params/linkage.json."""
