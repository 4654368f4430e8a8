#!/usr/bin/env bash
# Rotates what would pass 90 days before the next quarterly run; each new key is printed once, as a line of JSON, for whatever hands it out.
# crontab: 0 0 1 */3 * /usr/local/bin/rotate-keys.sh
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
exec dotnet run --no-build --no-launch-profile -c "${CONFIGURATION:-Debug}" -- rotate-keys "$@"
