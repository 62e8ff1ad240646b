"""What somebody typed, before a browser on the server reads it."""

import base64
import io

import pytest
from PIL import Image

from beepost_mail.letter.rich_text import (
    Removed,
    Unfinished,
    clean,
    text_of,
    with_directives,
    without_remote,
)


def picture(kind="PNG", size=(2, 2)):
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind)
    return out.getvalue()


def data_uri(content, kind="png"):
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def nothing(_source):
    return None


def cleaned(text, pictures=nothing):
    return clean(text, pictures)


REMOTE = [
    '<img src="http://evil.example/a.png">',
    '<img src="HTTPS://evil.example/a.png">',
    '<img src=" \thttp://evil.example/a.png">',
    '<img src="ht\ntp://evil.example/a.png">',
    '<img src="//evil.example/a.png">',
    '<img src="\\\\evil.example\\a.png">',
    '<img src="/\\evil.example/a.png">',
    '<img src="file:///etc/passwd#evil.example">',
    '<img src="ftp://evil.example/a.png">',
    '<img src="/web/image/1" srcset="http://evil.example/a.png 2x">',
    '<img src="/web/image/1" lowsrc="http://evil.example/a.png">',
    '<picture><source srcset="http://evil.example/a.png"><img src="x"></picture>',
    '<p style="background: url(http://evil.example/a.png)">x</p>',
    '<p style="background: u\\72l(http://evil.example/a.png)">x</p>',
    '<p style="background: u/**/rl(http://evil.example/a.png)">x</p>',
    "<p style=\"color: red; list-style-image: url('//evil.example')\">x</p>",
    "<p style=\"@import 'http://evil.example'\">x</p>",
    "<p style=\"content: image-set('http://evil.example' 1x)\">x</p>",
    "<style>@import url(http://evil.example);</style>",
    '<link rel="stylesheet" href="http://evil.example">',
    '<iframe src="http://evil.example"></iframe>',
    '<iframe srcdoc="&lt;img src=http://evil.example&gt;"></iframe>',
    '<frameset><frame src="http://evil.example"></frameset>',
    '<object data="http://evil.example"></object>',
    '<embed src="http://evil.example">',
    '<video poster="http://evil.example" src="http://evil.example"></video>',
    '<audio src="http://evil.example"></audio>',
    '<meta http-equiv="refresh" content="0; url=http://evil.example">',
    '<base href="http://evil.example/">',
    '<script src="http://evil.example"></script>',
    "<script>new Image().src = 'http://evil.example'</script>",
    '<svg><image xlink:href="http://evil.example"/></svg>',
    '<svg><use href="http://evil.example#a"/></svg>',
    '<math href="http://evil.example"></math>',
    '<table background="http://evil.example"><tr><td>x</td></tr></table>',
    '<form action="http://evil.example"><input type="image" src="http://evil.example">',
    '<body background="http://evil.example">x</body>',
    '<input type="image" src="http://evil.example">',
    '<img src="x" onerror="this.src=\'http://evil.example\'">',
    '<noscript><img src="http://evil.example"></noscript>',
    '<xmp><img src="http://evil.example"></xmp>',
    "<!--[if IE]><img src='http://evil.example'><![endif]-->",
    "<img src=\"data:image/svg+xml,<svg><image href='http://evil.example'/></svg>\">",
    '<a href="http://evil.example">our terms</a>',
    '<a ping="http://evil.example" href="#">our terms</a>',
    '<blockquote cite="http://evil.example">x</blockquote>',
]


@pytest.mark.parametrize("text", REMOTE)
def test_nothing_names_another_place(text):
    result, _removed = cleaned(f"<p>before</p>{text}<p>after</p>")
    assert "evil" not in result
    assert "before" in result


@pytest.mark.parametrize("text", REMOTE[:40])
def test_cleaning_twice_changes_nothing(text):
    once, _removed = cleaned(f"<div>{text}</div>")
    assert cleaned(once) == (once, ())


def test_what_was_taken_out_is_listed():
    text = (
        '<p style="background: url(//x.example)">Hello <img src="https://x.example/a">'
        '<img src="https://x.example/a"><iframe src="https://y.example"></iframe>'
        '<a href="https://z.example">terms</a> <a href="mailto:a@b.example">us</a></p>'
    )
    result, removed = cleaned(text)
    assert set(removed) == {
        Removed("style", "background: url(//x.example)"),
        Removed("image", "https://x.example/a"),
        Removed("element", "iframe"),
        Removed("link", "https://z.example"),
    }
    assert text_of(result).split() == ["Hello", "terms", "us"]


def test_a_text_as_the_editor_makes_it_stays():
    text = (
        '<p class="mb-2" style="text-align: center; color: rgb(10, 20, 30)">Dear'
        " <strong>Sir</strong>,<br>text</p><ul><li>one</li></ul>"
        '<table class="table"><tbody><tr><td colspan="2">x</td></tr></tbody></table>'
    )
    assert cleaned(text) == (text, ())


def test_headings_and_parts_of_the_page_are_not_the_report_s():
    result, removed = cleaned(
        '<h1 class="big">One</h1><div class="article text-end" id="x" data-oe-id="7">'
        "Two</div>"
    )
    assert result == ('<div class="big h1">One</div><div class="text-end">Two</div>')
    assert removed == ()


@pytest.mark.parametrize(
    ("kind", "becomes"),
    [("PNG", "png"), ("JPEG", "jpeg"), ("GIF", "gif"), ("WEBP", "png"), ("BMP", "png")],
)
def test_pictures_go_in_as_bytes(kind, becomes):
    result, removed = cleaned(f'<img src="{data_uri(picture(kind), "x")}" alt="A">')
    assert f'src="data:image/{becomes};base64,' in result
    assert removed == ()
    result, removed = cleaned('<img src="/web/image/7">', lambda _src: picture(kind))
    assert f'src="data:image/{becomes};base64,' in result


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.4", b"\x89PNG"],
)
def test_what_is_no_picture_does_not(content):
    result, removed = cleaned('<p><img src="/web/image/7"></p>', lambda _src: content)
    assert result == "<p></p>"
    assert removed == (Removed("image", "/web/image/7"),)


def test_placeholders_become_directives():
    result = with_directives(
        "<p>Dear {{ object.name }},<br>in {{ object.city ||| your town }}: {{&nbsp;"
        "object.ref }}!</p>"
    )
    assert result == (
        '<p>Dear <t t-out="object.name"></t>,<br>in <t t-out="object.city">your town'
        '</t>: <t t-out="object.ref"></t>!</p>'
    )


def test_a_default_may_hold_signs():
    assert with_directives("<p>{{ object.name ||| A &lt; B &amp; C }}</p>") == (
        '<p><t t-out="object.name">A &lt; B &amp; C</t></p>'
    )


@pytest.mark.parametrize(
    "text",
    [
        "<p>Dear {{ object.name</p>",
        "<p>Dear }} x</p>",
        "<p>{{ <b>object.name</b> }}</p>",
    ],
)
def test_an_unfinished_placeholder_is_no_text(text):
    with pytest.raises(Unfinished):
        with_directives(text)


def test_single_braces_are_text():
    assert with_directives("<p>{a} } {</p>") == "<p>{a} } {</p>"


LETTERHEAD = [
    '<img src="http://evil.example/logo.png">',
    '<img src="//evil.example/logo.png">',
    '<img src="file:///etc/evil.example">',
    '<img src="http://localhost:8069.evil.example/logo.png">',
    '<p style="background: url(http://evil.example)">x</p>',
    "<style>p { background: url(http://evil.example) }</style>",
    '<iframe src="http://evil.example"></iframe>',
    '<link href="http://evil.example" rel="stylesheet">',
    '<meta http-equiv="refresh" content="0; url=http://evil.example">',
    '<svg><image xlink:href="http://evil.example"/></svg>',
    '<object data="http://evil.example"></object>',
    '<table background="http://evil.example"><tr><td>x</td></tr></table>',
]


@pytest.mark.parametrize("text", LETTERHEAD)
def test_a_letterhead_names_no_other_place(text):
    page = f'<html><body><main><div class="header">{text}</div></main></body></html>'
    assert "evil" not in without_remote(page, "http://localhost:8069")


def test_a_letterhead_of_our_own_stays():
    page = (
        '<img src="data:image/png;base64,AAAA"><img src="/web/static/a.png">'
        '<img src="http://localhost:8069/web/static/a.png">'
        '<a href="https://us.example">us.example</a>'
        '<p style="color: red; background: url(data:image/png;base64,AAAA)">x</p>'
    )
    document = f"<html><body><main>{page}</main></body></html>"
    assert page in without_remote(document, "http://localhost:8069")
