#!/bin/sh
# Status 0 if Coq is at hand, after installing Debian's packages where that is allowed; 1, with a word, if it is not.
packages="coq libcoq-bignums ocaml-nox ocaml-findlib libzarith-ocaml-dev"
ready() { command -v coqc >/dev/null && command -v ocamlfind >/dev/null && ocamlfind query zarith >/dev/null 2>&1; }
if ready; then exit 0; fi
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends $packages >/dev/null
    if ready; then exit 0; fi
fi
echo "The proofs are skipped: there is no coqc here. On Debian: apt-get install $packages"
exit 1
