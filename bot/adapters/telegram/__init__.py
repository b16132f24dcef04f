"""Telegram: commands, buttons and inline mode over python-telegram-bot, by polling or by webhook.

settings      token, webhook, API
adapter       connect, serve, be refused, close
client        the library, set up: connections, rate limits, retries
profile       the command menu and the description, where Telegram has others
flood_control chats for which Telegram answers 429
server_clock  Telegram's clock
update_queue  updates that are not answered yet
poll_request  updates as Telegram sends them
webhook       the route to which Telegram posts, with its secret
webhook_setup the webhook: set, deleted, described
handlers      messages, callback queries and inline queries
photos        the photo that a message asks to read, and its way here
messages      pictures and texts to messages
callback_data a request as the data of a button, and the keyboards of buttons
errors        answers that Telegram refuses, and unforeseen errors
inline        the results of an inline query
checks        `check`: token, webhook, chat link
"""
