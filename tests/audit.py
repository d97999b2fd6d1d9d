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


def main() -> int:
    """1 when a locked package has a known vulnerability, else 0."""
    try:
        done = subprocess.run(COMMAND, capture_output=True, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return not_audited(f"the advisory service gave no answer in {SECONDS} seconds")
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        last = (done.stderr.strip().splitlines() or ["no report was made"])[-1]
        return not_audited(last)
    audited = [package for package in packages if "vulns" in package]
    if not audited or len(audited) < len(packages):
        return not_audited(f"only {len(audited)} of {len(packages)} packages were looked up")
    known = [(package, vuln) for package in audited for vuln in package["vulns"]]
    for package, vuln in known:
        mended = ", ".join(vuln["fix_versions"]) or "no version yet"
        print(f"{package['name']} {package['version']}: {vuln['id']}, mended in {mended}")
    if not known:
        print(f"audited: {len(audited)} packages, none with a known vulnerability")
    return 1 if known else 0


if __name__ == "__main__":
    sys.exit(main())
