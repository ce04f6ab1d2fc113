"""``python -m gradarium`` is the ``gradarium`` command."""

from gradarium.trainers.cli import main

if __name__ == "__main__":
    main()
