import ArgumentParser
import SecurityCore

/// Reads NAME:VALUE for the columns that libsecurity does not fill itself, as Flask-Security passes them on to the
/// application's own model.
struct AttributeReader {
    let site: Site

    /// The attribute, unless one of `others` has its name already.
    func read(_ name: String, _ text: String, after others: [AccountAttribute]) throws -> AccountAttribute {
        let columns = try site.store.attributeColumns()
        guard let column = columns.first(where: { $0.name.equals(name) }) else {
            let names = ["email", "username", "active", "confirmed"] + columns.map { $0.name }
            throw ValidationError(
                "Unknown attribute '\(name.printable)': there are \(names.joined(separator: ", ").printable).")
        }
        guard !others.contains(where: { $0.column.equals(name) }) else {
            throw ValidationError("'\(name)' is given more than once.")
        }
        return AccountAttribute(column: name, value: try value(text, of: column))
    }

    private func value(_ text: String, of column: AttributeColumn) throws -> AccountAttribute.Value {
        switch column.kind {
        case .text: return .text(try identity(text, in: column.name))
        case .boolean: return .integer(try AccountDraft.bool(text, of: column.name) ? 1 : 0)
        case .integer:
            guard let number = Int64(text) else {
                throw ValidationError("'\(column.name)' is an integer, not '\(text.printable)'.")
            }
            return .integer(number)
        case .other:
            throw ValidationError("'\(column.name)' is neither text, integer nor boolean: the application must set it.")
        }
    }

    /// A column that accounts are looked up by holds what its mapper makes: two spellings must not be two accounts.
    private func identity(_ text: String, in name: String) throws -> String {
        let attribute = site.policy.identities.first { $0.column.rawValue.equals(name) }
        let mapper = attribute?.mapper ?? (name == "us_phone_number" ? .phone : .identity)
        guard let value = mapper.map(text, site.policy, site.phones) else {
            let mend =
                mapper == .phone
                ? "is no phone number: write it with its country code, as +16505551234"
                : "is nothing that \(mapper.rawValue) takes"
            throw CommandFailure.refusal("Error creating user. \"\(text.printable)\" \(mend)")
        }
        return value
    }
}
