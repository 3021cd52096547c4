"""A stand-in for GitHub on 127.0.0.1: a real Git repository, and the part of GitHub's API that the form at /edit/ uses."""

from __future__ import annotations

import base64
import http.server
import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.history.test_git import ENVIRONMENT
from tests.support.http_server import running

USER, TOKEN = "policy-officer", "a-token"
OWNER, NAME = "council", "framework"
WHEN = "2026-11-25T10:00:00Z"


class GitHub:
    """The repository council/framework, which `policy-officer` may read and not write; a fork shares its objects, as at GitHub."""

    def __init__(self, folder: Path, address: str = "") -> None:
        self.folder, self.address = folder, address
        self.forked = False
        self.pulls: list[dict[str, Any]] = []
        self.unknown: list[str] = []

    def git(self, *arguments: str, given: bytes | None = None, index: str = "") -> str:
        """Run git in the repository and return its output."""
        settings = {**ENVIRONMENT, "GIT_AUTHOR_NAME": USER, "GIT_DIR": str(self.folder), **({"GIT_INDEX_FILE": index} if index else {})}
        return subprocess.run(["git", *arguments], input=given, env=settings, capture_output=True, check=True).stdout.decode()

    def take(self, project: Path) -> None:
        """Commit data/ of `project` as the first commit of main."""
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", self.folder], check=True)
        index = str(self.folder / "first")
        self.git("--work-tree", str(project), "add", "data", index=index)
        commit = self.git("commit-tree", self.git("write-tree", index=index).strip(), "-m", "First").strip()
        self.git("update-ref", "refs/heads/main", commit)

    def ref(self, owner: str, branch: str) -> str:
        return f"refs/heads/{branch}" if owner == OWNER else f"refs/forks/{owner}/{branch}"

    def branches(self) -> list[str]:
        """The branches of the fork."""
        return self.git("for-each-ref", "--format=%(refname:lstrip=3)", f"refs/forks/{USER}").split()

    def diff(self, branch: str) -> str:
        """Return the diff of `branch` of the fork, without context."""
        return self.git("diff", "-U0", "refs/heads/main", self.ref(USER, branch))

    def rest(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        """Return status and body for a request to the REST API."""
        ours, theirs = f"/repos/{OWNER}/{NAME}", f"/repos/{USER}/{NAME}"
        fork = {"full_name": f"{USER}/{NAME}", "fork": True, "parent": {"full_name": f"{OWNER}/{NAME}"}}
        user = {"id": 1, "login": USER, "name": "Policy Officer", "email": "p@o.example", "avatar_url": "", "html_url": ""}
        repository = {"permissions": {"push": False, "pull": True}, "private": False, "owner": {"type": "Organization"}}
        match method, path.removeprefix(ours) if path.startswith(ours) else path:
            case "GET", "/user":
                return 200, user
            case "GET", "":
                return 200, repository
            case "GET", tree if tree.startswith("/git/trees/") and tree.endswith("?recursive=1"):
                listed = self.git("ls-tree", "-rl", tree.split("/")[3].removesuffix("?recursive=1"))
                rows = (line.split(maxsplit=4) for line in listed.splitlines())
                return 200, {"tree": [{"type": "blob", "path": p, "sha": sha, "size": int(size)} for _, _, sha, size, p in rows]}
            case "GET", other if other == theirs:
                return (200, fork) if self.forked else (404, {"message": "Not Found"})
            case "POST", "/forks":
                self.forked = True
                return 202, fork
            case "POST", "/pulls":
                self.pulls.append(body)
                number = len(self.pulls)
                pull = {"number": number, "node_id": f"P{number}", "html_url": "", "title": body["title"], "head": {}}
                return 201, {**pull, "created_at": WHEN, "updated_at": WHEN}
        self.unknown.append(f"{method} {path}")
        return 404, {"message": "Not Found"}

    def graphql(self, query: str, given: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to a request to the GraphQL API."""
        if "createRef(" in query:
            self.git("update-ref", self.ref(USER, given["input"]["name"].removeprefix("refs/heads/")), given["input"]["oid"], "")
            return {"data": {"createRef": {"ref": {"name": given["input"]["name"]}}}}
        if "createCommitOnBranch(" in query:
            return {"data": {"createCommitOnBranch": {"commit": self.commit(query, given["input"])}}}
        if "fork: repository" in query:
            return {"data": {"fork": {"id": "F"}, "base": {"ref": {"target": {"oid": self.head(OWNER, "main")}}}}}
        return {"data": {"repository": self.repository(query, given)}}

    def repository(self, query: str, given: dict[str, Any]) -> dict[str, Any]:
        """Return the fields of the repository that `query` requests."""
        if "oid message" in query and "history(first: 1)" in query:
            node = {"oid": self.head(given["owner"], given["branch"]), "message": "First"}
            return {"ref": {"target": {"history": {"nodes": [node]}}}}
        if found := re.findall(r'(content_\d+):\s+object\(oid: "(\w+)"\)', query):
            return {name: {"text": self.git("cat-file", "blob", sha), "isTruncated": False} for name, sha in found}
        if found := re.findall(r"(commit_\d+):\s+ref\(", query):
            last = {"author": {"name": USER, "email": "", "user": {"id": 1, "login": USER}}, "committedDate": WHEN}
            return {name: {"target": {"history": {"nodes": [last]}}} for name in found}
        if "on Commit { oid }" in query:
            return {"ref": {"target": {"oid": self.head(OWNER, "main")}}}
        for name in ("forks", "refs"):
            if f" {name}(" in query:
                return {name: {"nodes": []}}
        self.unknown.append(query)
        return {}

    def head(self, owner: str, branch: str) -> str:
        return self.git("rev-parse", self.ref(owner, branch)).strip()

    def commit(self, query: str, given: dict[str, Any]) -> dict[str, Any]:
        """Commit the changes `given` on their branch."""
        owner = given["branch"]["repositoryNameWithOwner"].split("/")[0]
        ref, parent, index = self.ref(owner, given["branch"]["branchName"]), given["expectedHeadOid"], str(self.folder / "next")
        assert owner == USER, "only the fork may be written"
        assert self.git("rev-parse", ref).strip() == parent
        self.git("read-tree", parent, index=index)
        blobs = {}
        for added in given["fileChanges"]["additions"]:
            blobs[added["path"]] = self.git("hash-object", "-w", "--stdin", given=base64.b64decode(added["contents"])).strip()
            self.git("update-index", "--add", "--cacheinfo", f"100644,{blobs[added['path']]},{added['path']}", index=index)
        tree = self.git("write-tree", index=index).strip()
        commit = self.git("commit-tree", tree, "-p", parent, "-m", given["message"]["headline"]).strip()
        self.git("update-ref", ref, commit)
        files = {name: {"oid": blobs.get(path)} for name, path in re.findall(r'(file_\d+): file\(path: "([^"]+)"\)', query)}
        return {"oid": commit, "committedDate": WHEN, **files}


@contextmanager
def github(folder: Path) -> Iterator[GitHub]:
    """Run a stand-in for GitHub over the bare repository `folder` while the block runs."""
    hub = GitHub(folder)

    class Handler(http.server.BaseHTTPRequestHandler):
        """Answers requests from pages of any site, as GitHub does."""

        def answer(self) -> None:
            """Answer a request of any method."""
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
            status, answer = 200, dict[str, Any]()
            if self.command != "OPTIONS" and self.headers["Authorization"] != f"token {TOKEN}":
                status, answer = 401, {"message": "Bad credentials"}
            elif self.path == "/graphql" and self.command != "OPTIONS":
                answer = hub.graphql(body["query"], body["variables"])
            elif self.command != "OPTIONS":
                status, answer = hub.rest(self.command, self.path.removeprefix("/api/v3"), body)
            content = json.dumps(answer).encode()
            self.send_response(status)
            for name, value in (("Origin", "*"), ("Headers", "authorization, content-type, accept"), ("Methods", "*")):
                self.send_header(f"Access-Control-Allow-{name}", value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_OPTIONS = answer  # noqa: N815

    with running(Handler) as address:
        hub.address = address.removesuffix("/")
        yield hub
