#!/bin/sh
# The browser tests need Debian's Chromium and Chinese fonts: installs them when root, else says what to install.
set -eu
[ "${BROWSER_TESTS:-on}" = off ] && exit 0
if command -v chromium >/dev/null 2>&1 && fc-list 2>/dev/null | grep -qi 'noto.*cjk'; then exit 0; fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "The browser tests need chromium and fonts-noto-cjk. Install them (Debian: apt-get install chromium fonts-noto-cjk)" >&2
    echo "or leave the browser tests out with BROWSER_TESTS=off." >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -qq --no-install-recommends chromium fonts-noto-cjk fontconfig >/dev/null
