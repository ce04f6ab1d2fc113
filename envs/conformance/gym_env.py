"""Environment: Gymnasium's own checker finds nothing to say."""

import warnings

import gymnasium
from gymnasium.utils.env_checker import check_env

import gradarium.envs
from gradarium.envs.conformance.report import Finding, Settings
from gradarium.generators import task_names
from gradarium.generators.task import Task


def env(task: Task, settings: Settings) -> list[Finding]:
    """Run ``check_env`` with warnings as errors at the lowest and a middle level."""
    if task.name not in task_names():
        return [Finding("not registered: no environment to check", note=True)]
    gymnasium.register_envs(gradarium.envs)
    findings = []
    for level in (0, len(task.levels) // 2):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                made = gymnasium.make(task.env_id, level=level, disable_env_checker=True)
                check_env(made.unwrapped, skip_render_check=False)
                made.close()
            except (Exception, Warning) as error:
                findings.append(Finding(f"check_env: {type(error).__name__}: {str(error)[:200]}", level))
    return findings
