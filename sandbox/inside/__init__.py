"""Files that run inside the sandbox: stand-alone, standard library only, sent as compiled code."""
