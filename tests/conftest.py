"""Settings for the whole test tree: how hard Hypothesis tries.

Chosen by the variable HYPOTHESIS_PROFILE: `dev` is quick, `ci` is thorough and the same on every
run, `long` six times as thorough and also always the same, `deep` looks further, with new luck each
time. A deadline per example would only measure how busy the machine is.
"""

import os

from hypothesis import HealthCheck, settings

BUSY_MACHINE = (HealthCheck.too_slow,)

settings.register_profile("dev", max_examples=50, deadline=None, suppress_health_check=BUSY_MACHINE)
settings.register_profile(
    "ci",
    max_examples=500,
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=True,
    suppress_health_check=BUSY_MACHINE,
)
settings.register_profile(
    "long",
    max_examples=3_000,
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=True,
    suppress_health_check=BUSY_MACHINE,
)
settings.register_profile(
    "deep",
    max_examples=20_000,
    deadline=None,
    print_blob=True,
    suppress_health_check=BUSY_MACHINE,
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))
