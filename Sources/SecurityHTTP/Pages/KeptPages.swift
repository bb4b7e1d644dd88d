import SecurityCore
import Synchronization

/// Built-in pages that say the same to everybody, laid out once: only the values of their hidden fields, such as the CSRF token,
/// are put in anew. Laying one out costs more than the rest of its request.
final class KeptPages: Sendable {
    /// Languages times pages without errors; further ones push all of them out.
    private static let most = 128
    /// Stands for the value of a hidden field while a page is laid out. No text of ours has its bytes.
    private static let mark = "\u{1}"

    /// The text around the hidden values, in their order.
    private let pages = Mutex<[PageModel: [String]]>([:])

    /// The text of a page; `layOut` makes it where it is not kept.
    func text(of page: PageModel, layOut: (PageModel) throws -> String) rethrows -> String {
        guard KeptPages.isForEverybody(page) else { return try layOut(page) }
        let values = page.forms.flatMap { $0.hidden.map { $0.value } }
        var bare = page
        for form in bare.forms.indices {
            for field in bare.forms[form].hidden.indices { bare.forms[form].hidden[field].value = KeptPages.mark }
        }
        let parts: [String]
        if let kept = pages.withLock({ $0[bare] }) {
            parts = kept
        } else {
            parts = ByteText(try layOut(bare)).parts(at: 0x01).map { $0.string }
            // A text that holds the mark itself, such as a translation of the site.
            guard parts.count == values.count + 1 else { return try layOut(page) }
            pages.withLock { pages in
                if pages.count >= KeptPages.most { pages.removeAll() }
                pages[bare] = parts
            }
        }
        var text = parts.first ?? ""
        for (value, part) in zip(values, parts.dropFirst()) { text += HTMLText.escaped(value) + part }
        return text
    }

    /// Whether nothing of a person is on it: no message, no error, nothing typed, no name.
    private static func isForEverybody(_ page: PageModel) -> Bool {
        page.flashes.isEmpty
            && page.forms.allSatisfy { form in
                form.errors.isEmpty && form.fields.allSatisfy { $0.value.isEmpty && $0.errors.isEmpty }
            }
            && page.values.values.allSatisfy { value in
                switch value {
                case .bool: true
                case .list(let elements): elements.isEmpty
                case .text, .table: false
                }
            }
    }
}
