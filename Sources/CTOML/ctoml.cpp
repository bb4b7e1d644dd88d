// toml++ is C++; this gives its tree to Swift as plain structs.
//
// Members of std::string must come from here and not from libstdc++.so, whose operator delete does not wipe.
#include <cstddef>
#undef _GLIBCXX_EXTERN_TEMPLATE
#define _GLIBCXX_EXTERN_TEMPLATE 0

// toml++ 3.3 asserts, or tells the compiler to assume, what a malformed text can make untrue: a table header such as
// `[?]` ends the process. It refuses such a text properly right behind each of these assertions.
#undef NDEBUG
#define TOML_ASSERT(expression) static_cast<void>(0)

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#define TOML_FLOAT_CHARCONV 1
#define TOML_MAX_NESTED_VALUES 16
#include <toml++/toml.h>

#include "ctoml.h"
#include <algorithm>
#include <deque>
#include <string.h>
#include <string_view>
#include <vector>

namespace {

constexpr unsigned longest_key_path = 8;

void describe(ctoml_error *error, uint32_t line, uint32_t column, std::string_view text) {
    error->line = line;
    error->column = column;
    const size_t count = std::min(text.size(), sizeof error->text - 1);
    memcpy(error->text, text.data(), count);
    error->text[count] = '\0';
}

// Where the string that opens at `start` ends: the index after its closing quotes.
size_t end_of_string(std::string_view text, size_t start) {
    const char quote = text[start];
    const bool escapes = quote == '"';
    const bool is_long = start + 2 < text.size() && text[start + 1] == quote && text[start + 2] == quote;
    for (size_t at = start + (is_long ? 3 : 1); at < text.size(); at++) {
        if (text[at] == '\n' && !is_long) return at;
        if (text[at] == '\\' && escapes) {
            at++;
        } else if (text[at] == quote) {
            if (!is_long) return at + 1;
            if (at + 2 < text.size() && text[at + 1] == quote && text[at + 2] == quote) return at + 3;
        }
    }
    return text.size();
}

// Whether a dotted key has too many parts. toml++ 3.3 bounds nested values, not keys, and its destructors recurse.
bool has_deep_key(std::string_view text, uint32_t *line) {
    unsigned parts = 1;
    *line = 1;
    size_t at = 0;
    while (at < text.size()) {
        const char character = text[at];
        size_t next = at + 1;
        if (character == '#') {
            next = std::min(text.find('\n', at), text.size());
        } else if (character == '"' || character == '\'') {
            next = end_of_string(text, at);
        } else if (character == '.') {
            if (++parts > longest_key_path) return true;
        } else if (character != ' ' && character != '\t' && strchr("\n=,[]{}", character) != nullptr) {
            parts = 1;
        }
        *line += static_cast<uint32_t>(std::count(text.begin() + at, text.begin() + next, '\n'));
        at = next;
    }
    return false;
}

} // namespace

struct ctoml_document {
    toml::table table;
    std::deque<ctoml_node> nodes;

    ctoml_node *add(const toml::node &value, const toml::key *key);
    void adopt(ctoml_node *parent, std::vector<ctoml_node *> &children);
};

void ctoml_document::adopt(ctoml_node *parent, std::vector<ctoml_node *> &children) {
    std::sort(children.begin(), children.end(), [](const ctoml_node *left, const ctoml_node *right) {
        return left->line != right->line ? left->line < right->line : left->column < right->column;
    });
    for (size_t index = 0; index < children.size(); index++) {
        children[index]->next = index + 1 < children.size() ? children[index + 1] : nullptr;
    }
    parent->first = children.empty() ? nullptr : children.front();
}

ctoml_node *ctoml_document::add(const toml::node &value, const toml::key *key) {
    ctoml_node *node = &nodes.emplace_back();
    *node = ctoml_node{};
    const toml::source_position place = key != nullptr ? key->source().begin : value.source().begin;
    node->line = place.line;
    node->column = place.column;
    if (key != nullptr) {
        node->key = key->str().data();
        node->key_length = key->str().size();
    }
    if (const auto *text = value.as_string()) {
        node->type = CTOML_STRING;
        node->text = text->get().data();
        node->text_length = text->get().size();
    } else if (const auto *integer = value.as_integer()) {
        node->type = CTOML_INTEGER;
        node->integer = integer->get();
    } else if (const auto *real = value.as_floating_point()) {
        node->type = CTOML_FLOAT;
        node->real = real->get();
    } else if (const auto *boolean = value.as_boolean()) {
        node->type = CTOML_BOOLEAN;
        node->integer = boolean->get() ? 1 : 0;
    } else if (const auto *array = value.as_array()) {
        node->type = CTOML_ARRAY;
        std::vector<ctoml_node *> children;
        for (const toml::node &element : *array) children.push_back(add(element, nullptr));
        adopt(node, children);
    } else if (const auto *table = value.as_table()) {
        node->type = CTOML_TABLE;
        std::vector<ctoml_node *> children;
        for (const auto &[name, element] : *table) children.push_back(add(element, &name));
        adopt(node, children);
    } else {
        node->type = CTOML_DATE;
    }
    return node;
}

ctoml_document *ctoml_parse(const uint8_t *bytes, size_t count, ctoml_error *error) {
    uint32_t line = 0;
    if (count > CTOML_LONGEST) {
        describe(error, 0, 0, "longer than 1 MiB");
        return nullptr;
    }
    const std::string_view text(reinterpret_cast<const char *>(bytes), count);
    if (has_deep_key(text, &line)) {
        describe(error, line, 1, "a dotted key has more than 8 parts");
        return nullptr;
    }
    toml::parse_result result = toml::parse(text);
    if (!result) {
        const toml::parse_error &failure = result.error();
        describe(error, failure.source().begin.line, failure.source().begin.column, failure.description());
        return nullptr;
    }
    auto *document = new ctoml_document{std::move(result).table(), {}};
    document->add(document->table, nullptr);
    return document;
}

const ctoml_node *ctoml_root(const ctoml_document *document) { return &document->nodes.front(); }

void ctoml_free(ctoml_document *document) { delete document; }
