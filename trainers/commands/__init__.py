"""One file for each command of ``gradarium``; loaded when the command runs."""
