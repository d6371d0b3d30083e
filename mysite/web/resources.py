"""Every address of the site: what can be read there, and what can be changed."""

from starlette.requests import Request

from mysite.stores.relational import Post
from mysite.web import pages, writing
from mysite.web.bodies import NewName, NewPost, SignUp, Switch
from mysite.web.pages import About, Home, Member, People, Popular, PostPage, UserPage
from mysite.web.reading import Page
from mysite.web.writing import Change, SignedUp


def page_parameter(request: Request) -> str:
    """The parameter `page` of an address of a list, as text: "1" where there is none."""
    return request.query_params.get("page", "1")


PAGES = (
    Page("/", "The latest posts of all", "home.html", lambda store, request, viewer: pages.home(store), Home),
    Page(
        "/people", "Everybody, in the order of names", "people.html",
        lambda store, request, viewer: pages.people(store, page_parameter(request)), People,
    ),
    Page(
        "/users/{id}", "A user with the latest posts", "user.html",
        lambda store, request, viewer: pages.user(store, request.path_params["id"], viewer), UserPage,
    ),
    Page(
        "/posts/{id}", "A post", "post.html",
        lambda store, request, viewer: pages.post(store, request.path_params["id"], viewer), PostPage,
    ),
    Page(
        "/popular", "Who and what was liked most in the newest month", "popular.html",
        lambda store, request, viewer: pages.popular(store, None), Popular,
    ),
    Page(
        "/popular/{month}", "Who and what was liked most in a month", "popular.html",
        lambda store, request, viewer: pages.popular(store, request.path_params["month"]), Popular,
    ),
    Page("/about", "What the site runs on", "about.html", lambda store, request, viewer: pages.about(store), About),
    Page("/join", "The form to sign up", "join.html", lambda store, request, viewer: pages.Form(), None),
    Page("/write", "The form for a new post", "write.html", lambda store, request, viewer: pages.Form(), None),
)  # fmt: skip

CHANGES = (
    Change(
        "POST", "/users", "Sign up", writing.sign_up, SignUp, 201, SignedUp,
        open_to_all=True, form="join.html", refuses=(409,),
    ),
    Change("POST", "/sign-out", "End the session", writing.sign_out, None, open_to_all=True),
    Change("POST", "/posts", "Write a post", writing.add_post, NewPost, 201, Post, form="write.html"),
    Change(
        "PUT", "/users/{id}/name", "Take another name", writing.rename, NewName, 200, Member, refuses=(403, 404),
    ),
    Change(
        "POST", "/users/{id}/name", "Take another name, by a form", writing.rename, NewName, 200, Member,
        form="rename.html", refuses=(403, 404),
    ),
    Change("PUT", "/users/{id}/follow", "Follow a user", writing.follow, None, refuses=(404,)),
    Change("DELETE", "/users/{id}/follow", "Follow a user no longer", writing.unfollow, None, refuses=(404,)),
    Change(
        "POST", "/users/{id}/follow", "Follow a user or no longer, by a form", writing.switch_follow, Switch,
        refuses=(404,),
    ),
    Change("PUT", "/posts/{id}/like", "Like a post", writing.like, None, refuses=(404,)),
    Change("DELETE", "/posts/{id}/like", "Like a post no longer", writing.unlike, None, refuses=(404,)),
    Change(
        "POST", "/posts/{id}/like", "Like a post or no longer, by a form", writing.switch_like, Switch, refuses=(404,),
    ),
)  # fmt: skip
