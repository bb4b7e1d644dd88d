import Testing

@testable import SecurityHTTP

@Suite
struct PageRendererTests {
    @Test
    func `a page without a title has no empty heading and is named by its path`() throws {
        var page = PageModel(template: "", title: "")
        page.values["path"] = .text("/profile")
        let text = try render(page)
        #expect(!text.contains("<h1>"))
        #expect(text.contains("<title>/profile</title>"))
    }

    @Test
    func `a title is the heading and the name of the window`() throws {
        let text = try render(PageModel(template: "", title: "Login"))
        #expect(text.contains("<h1>Login</h1>"))
        #expect(text.contains("<title>Login</title>"))
    }

    @Test
    func `what a page shows is escaped`() throws {
        var page = PageModel(template: "", title: "<b>")
        page.flashes = [Flash(category: "error", text: "<script>")]
        let text = try render(page)
        #expect(!text.contains("<b>"))
        #expect(!text.contains("<script>"))
        #expect(text.contains("&lt;script&gt;"))
    }

    @Test
    func `a page that is kept has the hidden values of its request`() throws {
        let renderer = try PageRenderer()
        for value in ["one", "two", "\"><script>", ""] {
            var form = FormView(name: "f", action: "/f", submit: "Go")
            form.hidden = [HeaderField("csrf_token", value), HeaderField("next", "/" + value)]
            form.fields = [FieldView(name: "email", type: "email", label: "Email")]
            var page = PageModel(template: "", title: "Login")
            page.forms = [form]
            let text = PageRendererTests.text(of: page, by: renderer)
            #expect(text == (try render(page)))
            let shown = PageRendererTests.escape(value)
            #expect(text.contains("name=\"csrf_token\" value=\"\(shown)\""))
            #expect(text.contains("name=\"next\" value=\"/\(shown)\""))
        }
    }

    @Test
    func `what somebody typed is in no other page`() throws {
        let renderer = try PageRenderer()
        for value in ["ann@example.com", "bob@example.com"] {
            var field = FieldView(name: "email", type: "email", label: "Email")
            field.value = value
            var form = FormView(name: "f", action: "/f", submit: "Go")
            form.fields = [field]
            var page = PageModel(template: "", title: "Login")
            page.forms = [form]
            let text = PageRendererTests.text(of: page, by: renderer)
            #expect(text.contains("value=\"\(value)\""))
        }
    }

    private func render(_ page: PageModel) throws -> String {
        try PageRendererTests.text(of: page, by: PageRenderer())
    }

    private static func text(of page: PageModel, by renderer: PageRenderer) -> String {
        renderer.render(page, stylesheet: "/style.css", menuTitle: "Menu")
    }

    private static func escape(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&#34;")
    }
}
