import ArgumentParser
import SecurityCore

/// Reads NAME:VALUE for the columns that libsecurity does not fill itself, as Flask-Security passes them on to the
/// application's own model.
struct AttributeReader {
    let site: Site

    /// The attribute, unless one of `others` has its name already.
    func read(_ name: String, _ text: String, after others: [AccountAttribute]) throws -> AccountAttribute {
        let columns = try site.store.attributeColumns()
        guard let column = columns.first(where: { $0.name == name }) else {
            let names = ["email", "username", "active", "confirmed"] + columns.map { $0.name }
            throw ValidationError(
                "Unknown attribute '\(name.printable)': there are \(names.joined(separator: ", ").printable).")
        }
        guard !others.contains(where: { $0.column == name }) else {
            throw ValidationError("'\(name)' is given more than once.")
        }
        return AccountAttribute(column: name, value: try value(text, of: column))
    }

    private func value(_ text: String, of column: AttributeColumn) throws -> AccountAttribute.Value {
        switch column.kind {
        case .text where column.name == "us_phone_number": return .text(try phoneNumber(text))
        case .text: return .text(text)
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

    /// Flask-Security: the phone mapper. It is an identity, so two spellings must not be two accounts.
    private func phoneNumber(_ text: String) throws -> String {
        guard let number = PhoneNumber.normalized(text) else {
            throw CommandFailure(
                "Error creating user. \"\(text.printable)\" is no phone number: write it with its country code, as"
                    + " +16505551234")
        }
        return number
    }
}
