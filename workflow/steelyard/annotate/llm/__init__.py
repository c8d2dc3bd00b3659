"""The coder that asks a language model, at any endpoint that speaks OpenAI's chat protocol.

For each statement the model answers yes/no criteria, every yes with the words that bear it out; what follows from them
(stance, kind of evidence) is worked out here. It is never asked how strong anything is. Its answers are kept as it gave
them, so that a rerun asks nothing; each is checked whenever it is read, and one that fails counts for nothing.

`prompt` says what is asked, `answer` what an answer must be, `kept` keeps answers, `endpoint` asks for them, `coder`
makes them readings, `run` does it all.
"""
