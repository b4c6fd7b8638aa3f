"""Many counties: each audited as a task of its own, on this computer or on a cluster; persons across counties; one page."""
