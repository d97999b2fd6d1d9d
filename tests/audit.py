"""Known vulnerabilities in what is locked; says "not audited" when the service does not answer.

pip-audit ends with 0 when it audited nothing, so its report is read, not its exit code alone.
"""

import json
import subprocess
import sys

SECONDS = 60
COMMAND = [
    sys.executable, "-m", "pip_audit", "--strict", "--require-hashes", "--disable-pip",
    "--requirement", "requirements.txt", "--format", "json", "--progress-spinner", "off",
    "--timeout", "10",
]  # fmt: skip


def not_audited(why: str) -> int:
    """Say so, and let the check go on: no answer is neither a pass nor a finding."""
    print(f"NOT AUDITED: {why}", file=sys.stderr)
    return 0


def verdict(report: str, said: str) -> int:
    """1 when the report of pip-audit, JSON, names a known vulnerability, else 0."""
    try:
        packages = json.loads(report)["dependencies"]
    except (ValueError, KeyError):
        return not_audited((said.strip().splitlines() or ["no report was made"])[-1])
    audited = [package for package in packages if "vulns" in package]
    for package in audited:
        for known in package["vulns"]:
            mended = ", ".join(known["fix_versions"]) or "no version yet"
            print(f"{package['name']} {package['version']}: {known['id']}, mended in {mended}")
    if any(package["vulns"] for package in audited):
        return 1
    if not audited or len(audited) < len(packages):
        return not_audited(f"only {len(audited)} of {len(packages)} packages were looked up")
    print(f"audited: {len(audited)} packages, none with a known vulnerability")
    return 0


def main() -> int:
    """1 when a locked package has a known vulnerability, else 0."""
    try:
        done = subprocess.run(COMMAND, capture_output=True, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return not_audited(f"the advisory service gave no answer in {SECONDS} seconds")
    return verdict(done.stdout, done.stderr)


if __name__ == "__main__":
    sys.exit(main())
