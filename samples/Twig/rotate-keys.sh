#!/usr/bin/env bash
# Rotates each key whose secret would be older than 90 days at the next quarterly run. Prints each new key once, as a line of JSON.
# crontab: 0 0 1 */3 * /usr/local/bin/rotate-keys.sh
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
exec dotnet run --no-build --no-launch-profile -c "${CONFIGURATION:-Debug}" -- rotate-keys "$@"
