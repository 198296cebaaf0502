/// A certificate for `localhost` and `127.0.0.1` that signs itself and is valid for a hundred years, with its key.
enum TestCertificate {
  static let sha256 = "4f5f27c9fca6191f2b1898fb92aea0e8ddc83b66342f658f16d723c7a0748caa"

  static let certificate = """
    -----BEGIN CERTIFICATE-----
    MIIBZzCCAQ2gAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
    c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
    CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABEk2JUQBm27yvlcj
    x50CK0P+0dsZ4c5LFFpg/KDLeeS8hvRPzVdcacks5FvkB+M2IO91Ogzveq4VwFx/
    fu+/M8yjTjBMMBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATAPBgNVHRMBAf8E
    BTADAQH/MB0GA1UdDgQWBBTUkEmKarm3pxg8jJxdXvFkWY8A3zAKBggqhkjOPQQD
    AgNIADBFAiAYyzCka5/DqsqasKzzvKEhIZo56NoEpVlDCNw5pQyhjQIhAPRJT8A/
    +fUUW+YMRFszHwErcjmOK1sPVqubGit7RsAx
    -----END CERTIFICATE-----
    """

  static let key = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgC9EnwHY+D5RnvS43
    H/hDX6L774nPYaZEyi4815U54MahRANCAARJNiVEAZtu8r5XI8edAitD/tHbGeHO
    SxRaYPygy3nkvIb0T81XXGnJLORb5AfjNiDvdToM73quFcBcf37vvzPM
    -----END PRIVATE KEY-----
    """
}
