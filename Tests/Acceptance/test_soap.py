"""A stock SOAP client (zeep) against `rollcall serve`, knowing nothing but the address of the WSDL."""

import re

import pytest
import requests
import zeep
from lxml import etree
from requests.auth import HTTPBasicAuth

SERVICE = "RemoteUserStoreManagerService"
NAMESPACE = "{http://service.ws.um.carbon.wso2.org}"
PORTS = [f"{SERVICE}HttpsSoap11Endpoint", f"{SERVICE}HttpsSoap12Endpoint"]
CLAIMS = "http://wso2.org/claims/"
PASSWORD = "s3cret-s3cret"


class Store:
    """The service, as zeep reads it from the WSDL."""

    def __init__(self, url, certificate, user="admin", password=PASSWORD, port=PORTS[0]):
        session = requests.Session()
        session.trust_env = False  # A bundle named in the environment would go before the certificate.
        session.verify = str(certificate)
        session.auth = HTTPBasicAuth(user, password)
        self.history = zeep.plugins.HistoryPlugin()
        self.client = zeep.Client(
            f"{url}/services/{SERVICE}?wsdl", transport=zeep.Transport(session=session),
            settings=zeep.Settings(strict=True, xml_huge_tree=False), plugins=[self.history])
        self.service = self.client.bind(SERVICE, port)

    def __getattr__(self, operation):
        return getattr(self.service, operation)

    def claim(self, name, value):
        return self.client.get_type("{http://common.mgt.user.carbon.wso2.org/xsd}ClaimValue")(
            claimURI=CLAIMS + name, value=value)

    def permission(self, resource):
        return self.client.get_type("{http://dao.service.ws.um.carbon.wso2.org/xsd}PermissionDTO")(
            action="ui.execute", resourceId=resource)


@pytest.fixture
def server(own_server):
    url, certificate, _ = own_server("soap", PASSWORD)
    return url, certificate


@pytest.fixture(params=PORTS)
def store(server, request):
    return Store(*server, port=request.param)


def test_the_whole_life_of_a_user(store):
    assert store.isReadOnly() is False
    assert store.addRole("Internal/analyst", [], [store.permission("/permission/admin/login")]) is None
    assert store.addRole("engineers", ["admin"], []) is None
    assert store.addUser(
        "carol", "pass123", ["Internal/analyst"],
        [store.claim("emailaddress", "carol@x.org"), store.claim("givenname", "Cärol & <Co>")], "default", False) is None
    assert store.isExistingUser("carol") is True
    assert store.isExistingUser("PRIMARY/carol") is True
    assert store.authenticate("carol", "pass123") is True
    assert store.authenticate("carol", "wrong") is False
    assert store.listUsers("*", -1) == ["admin", "carol"]
    assert store.listUsers("car*", 1) == ["carol"]
    assert store.getUserList(CLAIMS + "emailaddress", "carol@x.org", "default") == ["carol"]

    assert store.getUserClaimValue("carol", CLAIMS + "givenname", "default") == "Cärol & <Co>"
    assert store.getUserClaimValue("carol", CLAIMS + "country", None) is None
    assert store.setUserClaimValue("carol", CLAIMS + "country", "LK", None) is None
    assert store.setUserClaimValues("carol", [store.claim("lastname", "C"), store.claim("mobile", "1")], None) is None
    assert store.addUserClaimValue("carol", CLAIMS + "mobile", "2", None) is None
    assert store.addUserClaimValues("carol", [store.claim("title", "Dr")], None) is None
    described = {c.claimUri: c.value for c in store.getUserClaimValues("carol", "default")}
    assert described[CLAIMS + "mobile"] == "1,2" and described[CLAIMS + "title"] == "Dr"
    values = store.getUserClaimValuesForClaims("carol", [CLAIMS + "lastname", CLAIMS + "country"], None)
    assert {c.claimURI: c.value for c in values} == {CLAIMS + "lastname": "C", CLAIMS + "country": "LK"}
    assert store.deleteUserClaimValue("carol", CLAIMS + "title", None) is None
    assert store.deleteUserClaimValues("carol", [CLAIMS + "mobile", CLAIMS + "country"], None) is None
    assert store.getUserClaimValue("carol", CLAIMS + "mobile", None) is None

    assert set(store.getRoleListOfUser("carol")) == {"Internal/everyone", "Internal/analyst"}
    assert store.updateRoleListOfUser("carol", ["Internal/analyst"], ["engineers"]) is None
    assert set(store.getRoleListOfUser("carol")) == {"Internal/everyone", "engineers"}
    assert store.updateUserListOfRole("Internal/analyst", [], ["carol"]) is None
    assert store.getUserListOfRole("Internal/analyst") == ["carol"]
    assert store.updateRoleName("engineers", "builders") is None
    assert store.isExistingRole("builders") is True and store.isExistingRole("engineers") is False
    assert set(store.getRoleNames()) == {"Internal/everyone", "Internal/analyst", "builders"}
    assert set(store.getHybridRoles()) == {"Internal/everyone", "Internal/analyst"}

    assert store.updateCredential("carol", "pass456", "pass123") is None
    assert store.authenticate("carol", "pass456") is True
    assert store.updateCredentialByAdmin("carol", "pass789") is None
    assert store.authenticate("carol", "pass789") is True
    assert store.getTenantId() == store.getTenantIdofUser("carol") == -1234
    assert store.getProfileNames("carol") == store.getAllProfileNames() == ["default"]
    assert store.getPasswordExpirationTime("carol") == -1
    assert not store.getProperties(None)

    assert store.deleteRole("builders") is None
    assert store.deleteUser("carol") is None
    assert store.isExistingUser("carol") is False


def test_faults_carry_the_numbers_of_the_kernel_and_the_declared_detail(store):
    store.addUser("carol", "pass123", [], [], None, False)
    for call, number in [
            (lambda: store.addUser("carol", "pass123", [], [], None, False), "30004"),
            (lambda: store.addUser("dora", None, [], [], None, False), "30003"),
            (lambda: store.addUser("dora", "pass123", ["Internal/none"], [], None, False), "31303"),
            (lambda: store.deleteUser("nobody"), "30007"),
            (lambda: store.addRole("Internal/everyone", [], []), "30012"),
            (lambda: store.updateCredential("carol", "pass456", "wrong"), "30006"),
            (lambda: store.getUserClaimValue("carol", "urn:none", None), "30005")]:
        with pytest.raises(zeep.exceptions.Fault) as fault:
            call()
        assert fault.value.message.startswith(number + " - ")
        (detail,) = fault.value.detail
        element = store.client.get_element(f"{NAMESPACE}{SERVICE}UserStoreException")
        assert detail.tag == element.qname
        element.parse(detail, store.client.wsdl.types)
    assert store.isExistingUser("dora") is False
    with pytest.raises(zeep.exceptions.Fault, match="userid"):
        store.getUserId("carol")


def test_a_wrong_password_and_a_mere_user_get_faults(server):
    with pytest.raises(zeep.exceptions.Fault, match="valid user name and password"):
        Store(*server, password="wrong").isReadOnly()
    Store(*server).addUser("carol", "pass123", [], [], None, False)
    carol = Store(*server, user="carol", password="pass123")
    assert carol.getRoleListOfUser("carol") == ["Internal/everyone"]
    assert carol.updateCredential("carol", "pass456", "pass123") is None
    with pytest.raises(zeep.exceptions.Fault, match="rights"):
        Store(*server, user="carol", password="pass456").deleteUser("admin")


def test_the_wsdl_is_for_everybody_and_names_the_address_that_was_asked(server):
    url, certificate = server
    text = requests.get(f"{url}/services/{SERVICE}?wsdl", verify=str(certificate)).text
    addresses = re.findall(r'address location="([^"]+)"', text)
    assert addresses == [f"{url}/services/{SERVICE}.{SERVICE}{port}/" for port in
                         ("HttpsSoap11Endpoint", "HttpsSoap12Endpoint", "HttpsEndpoint")]
    assert requests.post(f"{url}/services/{SERVICE}", verify=str(certificate), data="<a/>").status_code == 401


def test_the_http_binding_takes_messages_without_envelopes(server):
    """Written by hand: zeep reads the binding but not the answers of its messages, which are elements."""
    url, certificate = server
    for operation, status, answer in [("isExistingUser", 200, "false"), ("deleteUser", 500, "30007")]:
        done = requests.post(
            f"{url}/services/{SERVICE}.{SERVICE}HttpsEndpoint/{operation}", verify=str(certificate),
            auth=("admin", PASSWORD), headers={"Content-Type": "text/xml"},
            data=f'<{operation} xmlns="{NAMESPACE[1:-1]}"><userName>nobody</userName></{operation}>')
        root = etree.fromstring(done.content)
        assert done.status_code == status
        assert (root.findtext(f"{NAMESPACE}return") or root.findtext("faultstring")).startswith(answer)


def test_void_operations_answer_202_without_a_body(server):
    url, certificate = server
    answer = requests.post(
        f"{url}/services/{SERVICE}", verify=str(certificate), auth=("admin", PASSWORD),
        headers={"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": '"urn:addUser"'}, data=ADD_USER)
    assert (answer.status_code, answer.content) == (202, b"")
    assert Store(url, certificate).getUserClaimValue("carol", CLAIMS + "emailaddress", None) == "carol@x.org"


ADD_USER = """<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:ser="http://service.ws.um.carbon.wso2.org" xmlns:cv="http://common.mgt.user.carbon.wso2.org/xsd">
 <soapenv:Header/><soapenv:Body><ser:addUser>
   <ser:userName>carol</ser:userName><ser:credential>pass123</ser:credential>
   <ser:claims><cv:claimURI>http://wso2.org/claims/emailaddress</cv:claimURI><cv:value>carol@x.org</cv:value></ser:claims>
   <ser:profileName>default</ser:profileName><ser:requirePasswordChange>false</ser:requirePasswordChange>
 </ser:addUser></soapenv:Body></soapenv:Envelope>"""
