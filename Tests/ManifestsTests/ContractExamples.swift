/// The example documents of the manifest contract that this version supports, and the user they refer to.
enum ContractExamples {
  static let text = #"""
    apiVersion: rollcall/v1
    kind: User
    metadata:
      name: rashmini
      labels: {team: platform, tier: "2"}
    spec:
      userName: rashmini
      externalId: E0000001
      name: {givenName: Rashmini, familyName: N}
      emails:
        - {value: rash@gmail.com, type: home, primary: true}
      active: true
      password: {env: RASHMINI_PASSWORD}
      enterprise:
        department: Platform
        manager: u000002
      extensions:
        "urn:example:params:scim:schemas:badge:2.0:User": {badgeNumber: 4711}
      lifecycle: {startsAt: 2026-12-01T00:00:00Z, endsAt: 2027-11-30T00:00:00Z, onRemoval: DisableThenDelete, grace: 30d}
    ---
    apiVersion: rollcall/v1
    kind: Group
    metadata: {name: aws-admins}
    spec:
      displayName: AWS Admins
      externalId: G00001
      previously: [aws-administrators]
      members: [rashmini, u000002]
    ---
    apiVersion: rollcall/v1
    kind: Group
    metadata: {name: engineering}
    spec:
      displayName: Engineering
      members:
        mode: AtLeast
        refs:
          - {user: u000002, until: 2026-12-31T00:00:00Z}
          - {group: aws-admins}
        selector: {matchLabels: {team: platform}}
        allowEmpty: false
    ---
    apiVersion: rollcall/v1
    kind: Role
    metadata: {name: auditor}
    spec:
      displayName: auditor
      permissions: [/permission/admin/login, /permission/admin/manage/identity/usermgt/list]
      members: {refs: [{user: rashmini}, {group: engineering}]}
    ---
    apiVersion: rollcall/v1
    kind: Endpoint
    metadata: {name: local}
    spec: {type: embedded}
    ---
    apiVersion: rollcall/v1
    kind: Endpoint
    metadata: {name: remote}
    spec:
      type: scim2
      url: https://localhost:9444/scim2
      auth:
        basic: {username: admin, password: {env: REMOTE_PASSWORD}}
      tls: {caFile: certs/ca.pem}
      dialect: auto
      ownership: ledger
      scope:
        kinds: [User, Group]
        selector: {matchLabels: {team: platform}}
        filter: enterprise.department eq "Platform"
      correlation: [externalId, userName]
      mapping:
        - {to: userName, template: "{{emails[type eq \"work\"].value}}", lower: true}
        - {to: displayName, from: name.formatted}
        - {to: entitlements, constant: [{value: basic}]}
      situations: {found: adopt, unmatched: report, ambiguous: stop, missing: recreate}
      ignore: [profileUrl, "phoneNumbers[type eq \"fax\"]"]
      limits: {reads: 1000/m, writes: 180/m, concurrency: 8}
      safety: {maxDeletes: 5%, maxDisables: 5%, maxMemberRemovals: 25%, floor: 10, protect: [userName eq "breakglass"], minAdmins: 2}
      drift: correct
      interval: 30m
    ---
    apiVersion: rollcall/v1
    kind: Endpoint
    metadata: {name: legacy}
    spec:
      type: scim1
      userEndpoint: https://localhost:9444/wso2/scim/Users
      groupEndpoint: https://localhost:9444/wso2/scim/Groups
      auth: {basic: {username: admin, password: {env: IS2_ADMIN_PASSWORD}}}
    ---
    apiVersion: rollcall/v1
    kind: Endpoint
    metadata: {name: wso2-prod}
    spec:
      type: wso2
      url: https://is.example:9443
      tenant: carbon.super
      auth: {basic: {username: admin, password: {env: WSO2_PASSWORD}}}
    ---
    apiVersion: rollcall/v1
    kind: Endpoint
    metadata: {name: hr-spml}
    spec:
      type: spml2
      url: https://spml.example/spml2
      auth: {basic: {username: rollcall, password: {env: SPML_PASSWORD}}}
      spml2: {target: hr, profile: dsml, userClass: user, groupClass: group}
    ---
    apiVersion: rollcall/v1
    kind: Endpoint
    metadata: {name: google}
    spec:
      type: google
      url: https://admin.googleapis.com
      auth: {serviceAccount: {key: {file: secrets/google.json}, subject: admin@corp.example, tokenURL: https://oauth2.googleapis.com/token}}
      google: {customer: my_customer, domain: corp.example, orgUnitPath: /, onRemoval: suspend}
    ---
    apiVersion: rollcall/v1
    kind: Endpoint
    metadata: {name: salesforce}
    spec:
      type: salesforce
      url: https://corp.my.salesforce.com
      auth:
        oauth2:
          grant: jwt-bearer
          tokenURL: https://login.salesforce.com/services/oauth2/token
          clientId: {env: SF_CLIENT_ID}
          privateKey: {file: secrets/sf.pem}
          username: admin@corp.example
      salesforce:
        mode: sobject
        apiVersion: v62.0
        defaults: {ProfileName: Standard User, TimeZoneSidKey: Europe/Oslo, LocaleSidKey: en_US}
    ---
    apiVersion: rollcall/v1
    kind: IdentityProvider
    metadata: {name: is2}
    spec:
      displayName: Partner
      enabled: true
      authenticators:
        - type: openidconnect
          clientId: rollcall-is1
          clientSecret: {env: IS2_CLIENT_SECRET}
          authorizationEndpoint: https://localhost:9444/oauth2/authorize
          tokenEndpoint: https://localhost:9444/oauth2/token
          callbackURL: https://localhost:9443/commonauth
          scopes: [openid, profile, email, groups]
          tls: {caFile: certs/is2.pem}
      claims: {userId: sub, roles: groups, mapping: [{remote: email, local: "emails[type eq \"work\"].value"}]}
      roles: {mapping: [{remote: admins, local: auditor}]}
      justInTimeProvisioning:
        enabled: true
        userStoreDomain: PRIMARY
        prompt: none
        attributeSync: overrideAll
        roleSync: merge
        association: none
      provisioning:
        blocking: false
        connectors:
          - name: scim
            type: scim1
            default: true
            username: admin
            password: {env: IS2_ADMIN_PASSWORD}
            userEndpoint: https://localhost:9444/wso2/scim/Users
            groupEndpoint: https://localhost:9444/wso2/scim/Groups
            userStoreDomain: PRIMARY
            passwordProvisioning: true
    ---
    apiVersion: rollcall/v1
    kind: ServiceProvider
    metadata: {name: resident}
    spec: {outboundProvisioning: [{identityProvider: is2, connector: scim}]}
    ---
    apiVersion: rollcall/v1
    kind: ServiceProvider
    metadata: {name: playground2}
    spec:
      displayName: Playground
      inbound:
        openidconnect:
          clientId: playground2
          clientSecret: {env: PLAYGROUND_CLIENT_SECRET}
          redirectURIs: [http://localhost:8080/playground2/oauth2client]
          postLogoutRedirectURIs: [http://localhost:8080/playground2/]
          grantTypes: [authorization_code, refresh_token]
          pkce: required
          accessTokenLifetime: 1h
      authentication: {steps: [{federated: [is2]}]}
    ---
    apiVersion: rollcall/v1
    kind: Resource
    metadata: {name: door-7}
    spec: {resourceType: Device, attributes: {displayName: Door 7, active: true}}
    ---
    apiVersion: rollcall/v1
    kind: User
    metadata: {name: u000002}
    spec: {userName: u000002}

    """#
}
