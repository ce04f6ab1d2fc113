"""Trainers: command line, configuration, mixtures, the GRPO loop, evaluation and reports."""

import os

# Before torch is loaded: threads that spin while they wait make every step a hundred times slower as soon as another
# process wants a core (measured: 0.2 against 39 GFLOP/s for two threads on two cores beside one busy process). Threads
# that never spin are woken for every small product, which doubles a step of a small model (0.95 against 0.53 s). A
# short spin costs little in either case: 0.6 s alone, 1.2 s instead of 0.9 s beside a busy process.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ.setdefault("GOMP_SPINCOUNT", "1000")
