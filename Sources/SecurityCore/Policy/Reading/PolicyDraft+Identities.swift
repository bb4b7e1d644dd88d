/// How a typed identity becomes an account, and what usernames may be.
extension PolicyDraft {
    private static let mappers = "uia_email_mapper, uia_phone_mapper, uia_username_mapper, uia_identity_mapper"

    /// SECURITY_USER_IDENTITY_ATTRIBUTES; SECURITY_USERNAME_ENABLE puts `username` at the end where it is not named.
    func identityAttributes() -> [IdentityAttribute] {
        let key = "SECURITY_USER_IDENTITY_ATTRIBUTES"
        var attributes: [IdentityAttribute] = []
        if let node = self[key] {
            for child in node.children {
                guard let attribute = attribute(child, of: key) else { continue }
                if attributes.contains(where: { $0.column == attribute.column }) {
                    report(.error, child, "\(key) names \"\(attribute.column.rawValue)\" twice; keep one", key: key)
                }
                attributes.append(attribute)
            }
            if node.children.isEmpty {
                report(
                    .error, key,
                    "is empty, and nobody could be found; write [{ email = { mapper = \"uia_email_mapper\" } }]")
            }
        } else {
            attributes.append(IdentityAttribute(column: .email, mapper: .email, caseInsensitive: true))
        }
        if bool("SECURITY_USERNAME_ENABLE") == true, !attributes.contains(where: { $0.column == .username }) {
            attributes.append(IdentityAttribute(column: .username, mapper: .username, caseInsensitive: true))
        }
        return attributes
    }

    private func attribute(_ node: TOMLNode, of key: String) -> IdentityAttribute? {
        let members = node.children
        guard let member = members.first, members.count == 1 else {
            report(
                .error, node,
                "\(key): each entry has one key, such as { email = { mapper = \"uia_email_mapper\" } }", key: key)
            return nil
        }
        let column = IdentityAttribute.Column(rawValue: member.key)
        guard column.isAcceptable else {
            report(
                .error, member,
                "\(key) names \"\(member.key)\", by which nobody may be looked up; name email, username,"
                    + " us_phone_number or a column of the application's own", key: key)
            return nil
        }
        guard member.kind == .table else {
            report(.error, member, "\(key): \"\(member.key)\" must be a table, not \(member.kind.phrase)", key: key)
            return nil
        }
        var attribute = IdentityAttribute(column: column, mapper: column.usualMapper, caseInsensitive: false)
        for part in member.children { read(part, of: key, into: &attribute) }
        return attribute
    }

    private func read(_ part: TOMLNode, of key: String, into attribute: inout IdentityAttribute) {
        switch ByteText(part.key) {
        case "mapper":
            guard let mapper = part.string.flatMap({ IdentityAttribute.Mapper(rawValue: $0) }) else {
                return report(.error, part, "\(key): \"mapper\" must be one of \(PolicyDraft.mappers)", key: key)
            }
            attribute.mapper = mapper
        case "case_insensitive":
            guard let value = part.boolean else {
                return report(.error, part, "\(key): \"case_insensitive\" must be true or false", key: key)
            }
            attribute.caseInsensitive = value
        default:
            report(
                .error, part,
                "\(key) has \"\(part.key)\"; an attribute has \"mapper\" and \"case_insensitive\"", key: key)
        }
    }

    /// The SECURITY_USERNAME_* keys.
    func usernamePolicy() -> UsernamePolicy {
        var policy = UsernamePolicy()
        policy.isEnabled = bool("SECURITY_USERNAME_ENABLE") ?? policy.isEnabled
        policy.isRequired = bool("SECURITY_USERNAME_REQUIRED") ?? policy.isRequired
        policy.minimumLength = integer("SECURITY_USERNAME_MIN_LENGTH") ?? policy.minimumLength
        policy.maximumLength = integer("SECURITY_USERNAME_MAX_LENGTH") ?? policy.maximumLength
        let older = normalization("SECURITY_USERNAME_NORMALIZE_FORM", policy.normalization)
        policy.normalization = normalization("SECURITY_INPUT_NORMALIZE_FORM", older)
        policy.allowedCategories = allowedCategories(policy.allowedCategories)
        if policy.minimumLength > policy.maximumLength {
            report(
                .error, "SECURITY_USERNAME_MIN_LENGTH",
                "is \(policy.minimumLength), more than SECURITY_USERNAME_MAX_LENGTH, which is \(policy.maximumLength)")
        }
        return policy
    }

    /// SECURITY_USERNAME_ALLOWED_CHARS; None and an empty list take every character.
    private func allowedCategories(_ absent: [String]) -> [String] {
        let key = "SECURITY_USERNAME_ALLOWED_CHARS"
        guard self[key] != nil else { return absent }
        let categories = texts(key) ?? []
        for category in categories
        where !Unicode.GeneralCategory.names.contains(where: { $0.utf8.starts(with: category.utf8) }) {
            report(.error, key, "names \"\(category)\", which is no category of Unicode; write \"L\", \"Nd\", \"Pd\"")
        }
        return categories
    }
}
