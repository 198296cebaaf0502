"""samples/kubernetes: what kustomize makes of each folder, held against the schemas of Kubernetes and against itself."""

import kubernetes_validate
import pytest
import yaml
from conftest import ROOT
from test_sample_files import check

FOLDER = ROOT / "samples/kubernetes"
README = (FOLDER / "README.md").read_text()
WORKLOADS = ("Deployment", "StatefulSet", "CronJob")


def built(folder):
    return [d for d in yaml.safe_load_all(check("kubectl", "kustomize", FOLDER / folder)) if d]


def pod(workload):
    spec = workload["spec"]
    return (spec.get("jobTemplate") or workload)["spec"]["template"]


def workload(documents):
    return next(d for d in documents if d["kind"] in WORKLOADS)


@pytest.fixture(params=["controller", "replicas", "drift", "server"])
def documents(request):
    return built(request.param)


def test_the_schemas_of_kubernetes_are_content(documents):
    for document in documents:
        kubernetes_validate.validate(document, "1.34", strict=True)
        assert document["kind"] == "Namespace" or document["metadata"]["namespace"] == "rollcall"


def test_pods_are_restricted(documents):
    """The level `restricted` of the pod security standards, a read-only root, and bounds."""
    spec = pod(workload(documents))["spec"]
    assert spec["automountServiceAccountToken"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True and spec["securityContext"]["runAsUser"] > 0
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in spec["containers"] + spec.get("initContainers", []):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
        assert container["resources"]["limits"]["memory"] and container["resources"]["requests"]["cpu"]
        assert container["image"].rpartition(":")[2] == "0.1.0"


def test_all_that_is_named_is_there(documents):
    names = {(d["kind"], d["metadata"]["name"]) for d in documents}
    found = workload(documents)
    labels, spec = pod(found)["metadata"]["labels"], pod(found)["spec"]
    assert ("ServiceAccount", spec["serviceAccountName"]) in names
    claims = {c["metadata"]["name"] for c in found["spec"].get("volumeClaimTemplates", [])}
    volumes = {v["name"] for v in spec["volumes"]} | claims
    for container in spec["containers"] + spec.get("initContainers", []):
        assert {m["name"] for m in container["volumeMounts"]} <= volumes
        ports = {p["name"] for p in container.get("ports", [])}
        assert {container[p]["httpGet"]["port"] for p in container if p.endswith("Probe")} <= ports
        for variable in container.get("env", []):
            secret = variable.get("valueFrom", {}).get("secretKeyRef")
            assert "value" in variable or f"`{secret['name']}` (`{secret['key']}`" in README
    for volume in spec["volumes"]:
        if "persistentVolumeClaim" in volume:
            assert ("PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"]) in names
        if "secret" in volume:
            assert f"`{volume['secret']['secretName']}`" in README
    selectors = [d["spec"]["podSelector"]["matchLabels"] for d in documents if d["kind"] == "NetworkPolicy"]
    selectors += [d["spec"]["selector"] for d in documents if d["kind"] == "Service"]
    selectors += [d["spec"]["selector"]["matchLabels"] for d in documents if d["kind"] == "PodDisruptionBudget"]
    assert selectors and all(selector.items() <= labels.items() for selector in selectors)


def test_several_replicas_share_no_volume():
    alone, many = built("controller"), built("replicas")
    assert any(d["kind"] == "PersistentVolumeClaim" for d in alone)
    assert not any(d["kind"] == "PersistentVolumeClaim" for d in many)
    found = workload(many)
    assert found["spec"]["replicas"] == 3 and found["spec"]["strategy"] == {"type": "RollingUpdate"}
    assert not any("persistentVolumeClaim" in volume for volume in pod(found)["spec"]["volumes"])


def arguments(folder, **places):
    """What a pod calls the program with, its folders replaced by ours."""
    container, = pod(workload(built(folder)))["spec"]["containers"]
    text = "\n".join(container["args"])
    for theirs, ours in places.items():
        assert theirs in text
        text = text.replace(theirs, str(ours))
    return text.split("\n")


def test_the_server_pod_runs(rollcall, own_server):
    _, certificate, _ = own_server("certificate")
    rollcall.env["ADMIN_PASSWORD"] = "correct horse battery"
    process = rollcall.start(*arguments("server", **{
        "--host=0.0.0.0": "--host=127.0.0.1", "--port=9443": "--port=0", "/var/lib/rollcall": rollcall.folder,
        "/etc/rollcall/tls/tls.crt": certificate, "/etc/rollcall/tls/tls.key": certificate.with_name("tls-key.pem")}))
    assert process.stdout.readline().startswith("ready https://")
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == 0
