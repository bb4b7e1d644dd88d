import Foundation
import Mustache
import SecurityCore

/// A site's own templates, from the folder LIBSECURITY_TEMPLATE_DIR. They are read with the configuration, so that a flaw in one
/// keeps that from being taken, and not a mail from being sent.
struct OwnTemplates: Sendable {
    private var templates: [String: MustacheTemplate] = [:]

    /// The templates of these names that are in the folder. Throws ``InvalidConfiguration`` with all their flaws.
    init(folder: String?, names: [String]) throws {
        guard let folder else { return }
        var flaws: [Diagnostic] = []
        for name in Set(names).sorted() where OwnTemplates.isBelow(name) {
            do throws(InvalidConfiguration) {
                templates[name] = try OwnTemplates.read(folder + "/" + name)
            } catch {
                flaws += error.diagnostics
            }
        }
        guard flaws.isEmpty else { throw InvalidConfiguration(flaws) }
    }

    /// The site's own template of a name, such as `security/email/welcome.txt`; nil = there is none.
    subscript(name: String) -> MustacheTemplate? { templates[name] }

    private static func isBelow(_ name: String) -> Bool {
        let name = ByteText(name)
        return !name.isEmpty && !name.has(prefix: "/") && !name.parts(at: 0x2F).contains("..")
    }

    private static func read(_ path: String) throws(InvalidConfiguration) -> MustacheTemplate? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let bytes = SmallFile.read(path, limit: 1 << 20) else {
            throw flaw(path, nil, "cannot be read, or has more than 1 MiB")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw flaw(path, nil, "is not UTF-8") }
        // swift-mustache reads Characters, and would not see such a tag.
        if text.contains(where: { OwnTemplates.hidesBrace($0) }) {
            throw flaw(path, nil, "has a { or } beside a character that joins with it")
        }
        // Only what is not HTML is shown as it is.
        let head = ByteText(path).has(suffix: ".txt") ? "{{% CONTENT_TYPE:TEXT}}\n" : HTMLText.head
        do {
            return try MustacheTemplate(string: head + text)
        } catch let error as MustacheTemplate.ParserError {
            throw flaw(path, error.context.lineNumber - 1, describe(error.error))
        } catch {
            throw flaw(path, nil, describe(error))
        }
    }

    private static func hidesBrace(_ character: Character) -> Bool {
        let scalars = character.unicodeScalars
        return scalars.count > 1 && scalars.contains { $0 == "{" || $0 == "}" }
    }

    private static func flaw(_ path: String, _ line: Int?, _ what: String) -> InvalidConfiguration {
        InvalidConfiguration([
            Diagnostic(
                severity: .error, path: path, line: line, key: "LIBSECURITY_TEMPLATE_DIR",
                message: "the template \(what)")
        ])
    }

    private static func describe(_ error: any Error) -> String {
        switch error as? MustacheTemplate.Error {
        case .unfinishedName: "has a tag that is not closed"
        case .expectedSectionEnd: "has a section that is not closed"
        case .sectionCloseNameIncorrect: "closes a section that is not the open one"
        // Only the name of that error is public.
        default: "\(error)" == "overflow" ? "ends within a tag" : "is not understood: \(error)"
        }
    }
}
