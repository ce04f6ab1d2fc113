# tries: asks for more lines than there are
# kind: script
# outcomes: runtime_error
# limits: {"wall_s": 10.0}
while True:
    line = input()
