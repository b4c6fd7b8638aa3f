"""How the sample city plays itself: packages handed in with faults, field sheets filled in with what visits would find."""
