"""One zip for a computer without internet: Python, what a run needs of the lock, the program, and two files to click."""
