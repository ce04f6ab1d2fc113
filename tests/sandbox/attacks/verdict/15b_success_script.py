# tries: prints success instead of the answer, and leaves with status 0
# kind: script
# outcomes: ran, no_result
# may_return: ["All tests passed\nPASSED\n1.0\n", ""]
import os
import sys

print("All tests passed\nPASSED\n1.0")
sys.stdout.flush()
os._exit(0)
